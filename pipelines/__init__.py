"""Pure functions: page to article to paragraphs to copied passages; no I/O."""
