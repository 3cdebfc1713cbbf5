using Xunit;

// Torch's random generator belongs to the process: tests that seed it must not run beside others that draw from it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
