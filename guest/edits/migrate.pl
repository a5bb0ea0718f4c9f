# Migration of huge pages: whether the walk of what maps one waits for an entry that mremap() has in hand
# becomes a parameter. There are two windows: mremap() has the entry in hand, and a page that migrates is
# mapped nowhere.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Edit;

my $walk = Edit->open_file("$ARGV[0]/mm/page_vma_mapped.c");
$walk->include('linux/shootdown.h');
$walk->in_function('page_vma_mapped_walk', qr/\(pvmw->flags & PVMW_SYNC\) &&(?=\s+transhuge)/, sub {
    "!shootdown_walk_is_old() && $&"
});
$walk->save;

my $huge = Edit->open_file("$ARGV[0]/mm/huge_memory.c");
$huge->include('linux/shootdown.h');
$huge->before_line('move_huge_pmd', qr/\bset_pmd_at\(/, "\t\tshootdown_window(SHOOTDOWN_MOVE);");
$huge->save;

my $migrate = Edit->open_file("$ARGV[0]/mm/migrate.c");
$migrate->include('linux/shootdown.h');
$migrate->before_line('__migrate_folio_move', qr/\bmove_to_new_folio\(/,
    "\tshootdown_window(SHOOTDOWN_MIGRATE);");
$migrate->save;
