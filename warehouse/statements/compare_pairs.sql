select
    (
        select count(*)
        from copies
        anti join older.main.copies as was using (article_id, source_id)
    ) as new_pairs,
    (
        select count(*)
        from older.main.copies as was
        anti join copies using (article_id, source_id)
    ) as lost_pairs;
