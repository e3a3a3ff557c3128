-- Title: What was edited after publication?
-- About: Articles of which more than one version was seen, with how much longer or shorter each later version is.
-- Parameter story: name of a story; all stories without it

select
    later.outlet,
    later.version,
    earlier.title as title_before,
    later.title as title_after,
    later.word_count - earlier.word_count as words_added,
    earlier.fetched_at as seen_before,
    later.fetched_at as seen_after,
    later.url
from article_versions as later
inner join article_versions as earlier
    on
        later.article_id = earlier.article_id
        and later.version = earlier.version + 1
where
    $story is null
    or exists (
        select 1
        from story_articles
        where
            story_articles.article_id = later.article_id
            and story_articles.story = $story
    )
order by
    later.fetched_at,
    later.url,
    later.version;
