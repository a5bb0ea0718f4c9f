# Dirty bits by page fault, as ports have them whose hardware sets none: what a fault installs writable
# and clean is read-only for the hardware until another fault makes it dirty.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Edit;

my $memory = Edit->open_file("$ARGV[0]/mm/memory.c");
$memory->include('linux/shootdown.h');
$memory->before_line('do_set_pte', qr/\bset_pte_at\(/, "\tentry = shootdown_clean(entry);");
$memory->in_function('handle_pte_fault', qr/\bpte_write\(/, sub { 'shootdown_may_write(' });
$memory->in_function('handle_pte_fault', qr/\bpte_mkdirty\(/, sub { 'shootdown_make_dirty(' });
$memory->save;

my $gup = Edit->open_file("$ARGV[0]/mm/gup.c");
$gup->include('linux/shootdown.h');
$gup->in_function('can_follow_write_pte', qr/\bpte_write\(/, sub { 'shootdown_may_write(' });
$gup->save;
