# futex(): how a page is made writable after an access that may not fault did becomes a parameter.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Edit;

my $file = Edit->open_file("$ARGV[0]/kernel/futex/core.c");
$file->include('linux/shootdown.h');
$file->before_line('fault_in_user_writeable', qr/\bmmap_read_lock\(/,
    "\tif (shootdown_futex_is_old())",
    "\t\treturn shootdown_futex_fault_in(uaddr);");
$file->save;
