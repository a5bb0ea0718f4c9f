# MADV_FREE: whether it passes KSM pages by becomes a parameter. No release of Linux does.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Edit;

my $file = Edit->open_file("$ARGV[0]/mm/madvise.c");
$file->include('linux/shootdown.h');
$file->in_function('madvise_free_pte_range', qr/!page \|\| is_zone_device_page\(page\)/, sub {
    "$& || (shootdown_spares_ksm() && PageKsm(page))"
});
$file->save;
