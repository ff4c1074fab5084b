// Live-tensor counts and the allocator's figures belong to the process, so tests run one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
