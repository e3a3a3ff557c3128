"""WARC files by the hundred: read by an engine's workers, compared by them, loaded as any run is."""
