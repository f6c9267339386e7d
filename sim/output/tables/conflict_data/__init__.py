"""Tables of the model beside conflict data: rates that were counted, and a track record."""
