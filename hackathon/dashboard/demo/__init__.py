"""The demo edition: the facts of 13 February 2020, laid around now, through the site's services."""
