# Changes C files at places that are named by a function and a pattern. Whatever does not fit as
# often as it should is an error: a kernel that was edited by half is none.
package Edit;

use strict;
use warnings;

# Reads a file.
sub open_file {
    my ($class, $path) = @_;
    local $/;
    open(my $in, '<', $path) or die "$path cannot be read: $!\n";
    my $text = <$in>;
    close($in);
    return bless { path => $path, text => $text }, $class;
}

# Writes it back.
sub save {
    my ($self) = @_;
    open(my $out, '>', $self->{path}) or die "$self->{path} cannot be written: $!\n";
    print $out $self->{text};
    close($out) or die "$self->{path} cannot be written: $!\n";
}

# Puts a line behind the first #includes; those further down may stand under a condition.
sub include {
    my ($self, $header) = @_;
    die "$self->{path} has no #include\n"
        unless $self->{text} =~ s/^((?:\#include [^\n]*\n\n*)+)/$1#include <$header>\n/m;
}

# Replaces what a pattern finds in a function, from its name in the first column's declaration to
# the closing brace in the first column. It must be found exactly once; the replacement is code.
sub in_function {
    my ($self, $name, $pattern, $replacement) = @_;
    my ($before, $function, $after) = $self->_split($name);
    my $count = () = $function =~ /$pattern/g;
    die "$self->{path}: /$pattern/ fits $count times in $name(), not once\n" if $count != 1;
    $function =~ s/$pattern/$replacement->()/e;
    $self->{text} = $before . $function . $after;
}

# Puts lines before the line that a pattern finds.
sub before_line {
    my ($self, $name, $pattern, @lines) = @_;
    my $code = join('', map { "$_\n" } @lines);
    $self->in_function($name, qr/^(?=[^\n]*$pattern)/m, sub { $code });
}

# Puts lines at the begin of a function's body.
sub first {
    my ($self, $name, @lines) = @_;
    my $code = join('', map { "$_\n" } @lines);
    $self->in_function($name, qr/^\{\n/m, sub { "{\n$code" });
}

sub _split {
    my ($self, $name) = @_;
    my @found;
    while ($self->{text} =~ /^[a-z][^\n;=]*\b$name\([^;{]*\)\n+\{\n.*?^\}\n/gms) {
        push @found, [$-[0], $+[0]];
    }
    die "$self->{path}: $name() is defined " . @found . " times, not once\n" if @found != 1;
    my ($from, $to) = @{ $found[0] };
    return (
        substr($self->{text}, 0, $from),
        substr($self->{text}, $from, $to - $from),
        substr($self->{text}, $to));
}

1;
