# mremap(): when the entries that it moves are flushed becomes a parameter, and where a late flush
# stands there is a window that can be held open.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Edit;

my $file = Edit->open_file("$ARGV[0]/mm/mremap.c");
$file->include('linux/shootdown.h');

# Entries whose flush may wait are told to the caller.
$file->in_function('move_ptes', qr/bool need_rmap_locks\)/, sub {
    'bool need_rmap_locks, bool *shootdown_late)'
});
$file->first('move_ptes', "\tbool shootdown_dirty;");
$file->before_line('move_ptes', qr/\bptep_get_and_clear\(/, "\t\tshootdown_dirty = pte_dirty(*old_pte);");
$file->in_function('move_ptes', qr/\bforce_flush = true;/, sub {
    '*(shootdown_mremap_is_late(shootdown_dirty, pte_dirty(pte)) ? shootdown_late : &force_flush) = true;'
});

# The caller waits, in every mode alike, and then flushes what has not been flushed.
$file->first('move_page_tables', "\tbool shootdown_late = false;");
$file->in_function('move_page_tables', qr/\bmove_ptes\([^;]*?(?=\);)/, sub { "$&, &shootdown_late" });
$file->before_line('move_page_tables', qr/\bmmu_notifier_invalidate_range_end\(/,
    "\tshootdown_window(SHOOTDOWN_MREMAP);",
    "\tif (shootdown_late)",
    "\t\tflush_tlb_range(vma, old_end - len, old_end);");
$file->save;
