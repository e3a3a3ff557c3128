-- Title: Which copies still carry what their source has corrected?
-- About: Sentences that an article still has though the one that it shares text with has since removed or changed them. A copy that was last seen before the change may have been corrected meanwhile.
-- Parameter story: name of a story; all stories without it

select
    articles.outlet,
    articles.title,
    uncorrected_copies.text as still_says,
    sources.outlet as source_outlet,
    uncorrected_copies.source_text_now,
    uncorrected_copies.source_changed_at,
    uncorrected_copies.copy_seen_at > uncorrected_copies.source_changed_at as was_seen_since,
    articles.url,
    sources.url as source_url
from uncorrected_copies
inner join articles using (article_id)
inner join articles as sources on uncorrected_copies.source_id = sources.article_id
where
    $story is null
    or exists (
        select 1
        from story_articles
        where
            story_articles.article_id = articles.article_id
            and story_articles.story = $story
    )
order by
    uncorrected_copies.source_changed_at,
    sources.url,
    articles.url,
    uncorrected_copies.paragraph,
    still_says;
