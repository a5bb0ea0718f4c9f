package shootdown.report;

/// A run without a result: Shootdown, or a fix of the user's own, broke off.
///
/// @param test its name
/// @param file path as the user gave it
/// @param kernel the kernel's spec
/// @param machine the machine profile's name
/// @param why what was thrown
public record Lost(String test, String file, String kernel, String machine, String why) {}
