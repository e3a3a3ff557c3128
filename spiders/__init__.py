"""Finding and fetching: everything that comes in becomes a WARC record in the archive."""
