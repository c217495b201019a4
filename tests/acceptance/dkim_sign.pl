# Signs each message file that is named, in place, as the sender's own mail server would; prints the public key.
use strict;
use warnings;
use Crypt::OpenSSL::RSA;
use Mail::DKIM::PrivateKey;
use Mail::DKIM::Signer;

sub bare { my ($pem) = @_; $pem =~ s/-----.*?-----|\s//g; return $pem }

my ($domain, $selector, @files) = @ARGV;
my $pair = Crypt::OpenSSL::RSA->generate_key(2048);
my $key = Mail::DKIM::PrivateKey->load(Data => bare($pair->get_private_key_string));
for my $file (@files) {
    local $/;
    open my $in, '<:raw', $file or die "$file: $!";
    my $message = <$in>;
    my $signer = Mail::DKIM::Signer->new(
        Algorithm => 'rsa-sha256', Method => 'relaxed/relaxed', Domain => $domain, Selector => $selector, Key => $key,
    );
    $signer->PRINT($message);
    $signer->CLOSE;
    open my $out, '>:raw', $file or die "$file: $!";
    print {$out} $signer->signature->as_string, "\r\n", $message;
    close $out or die "$file: $!";
}
print bare($pair->get_public_key_x509_string);
