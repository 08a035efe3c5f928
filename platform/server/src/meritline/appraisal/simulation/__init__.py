"""What a draft would have given: the past scored and rewarded again, beside what stands, without writing anything."""
