# Shootdown's own file becomes part of mm/.
use strict;
use warnings;

my $makefile = "$ARGV[0]/mm/Makefile";
open(my $in, '<', $makefile) or die "$makefile cannot be read: $!\n";
grep { /^obj-y\b/ } <$in> or die "$makefile names no obj-y\n";
close($in);
open(my $out, '>>', $makefile) or die "$makefile cannot be written: $!\n";
print $out "obj-y += shootdown.o\n";
close($out) or die "$makefile cannot be written: $!\n";
