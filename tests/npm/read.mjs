// Reads feeds with feedsmith: prints what each file says of its entries, a line of JSON a file.
import { readFileSync } from 'node:fs'
import { parseFeed } from 'feedsmith'

const file = (one) => [one.url ?? one.href, one.type ?? one.mime_type, one.length ?? one.size_in_bytes]

const readers = {
  rss: (one) => ({
    id: one.guid.value,
    link: one.link,
    title: one.title,
    published: one.pubDate,
    updated: one.atom?.updated ?? one.pubDate,
    authors: one.dc?.creators ?? [],
    tags: (one.categories ?? []).map((tag) => tag.name),
    files: (one.enclosures ?? []).map(file),
    content: one.content?.encoded ?? one.description,
  }),
  atom: (one) => ({
    id: one.id,
    link: one.links.find((link) => link.rel === 'alternate').href,
    title: one.title.value,
    published: one.published,
    updated: one.updated,
    authors: (one.authors ?? []).map((author) => author.name),
    tags: (one.categories ?? []).map((tag) => tag.label),
    files: one.links.filter((link) => link.rel === 'enclosure').map(file),
    content: one.content.value,
  }),
  json: (one) => ({
    id: one.id,
    link: one.url,
    title: one.title,
    published: one.date_published,
    updated: one.date_modified,
    authors: (one.authors ?? []).map((author) => author.name),
    tags: one.tags ?? [],
    files: (one.attachments ?? []).map(file),
    content: one.content_html,
  }),
}

for (const path of process.argv.slice(2)) {
  const { format, feed } = parseFeed(readFileSync(path, 'utf8'))
  console.log(JSON.stringify((feed.entries ?? feed.items).map(readers[format])))
}
