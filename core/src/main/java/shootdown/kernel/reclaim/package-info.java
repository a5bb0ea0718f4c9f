/// Reclaim: taking frames back from those who do not use them.
package shootdown.kernel.reclaim;
