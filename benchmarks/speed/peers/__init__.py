"""Named peers doing the same work on the same rows. They come with the extra `bench`."""
