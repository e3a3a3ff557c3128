-- Copies that still carry a sentence that their source has changed since, of a story's articles.

select
    uncorrected_copies.article_id,
    uncorrected_copies.source_id,
    uncorrected_copies.text,
    uncorrected_copies.source_text_now,
    uncorrected_copies.source_changed_at,
    uncorrected_copies.copy_seen_at,
    copies.article_id is not null as is_proven
from uncorrected_copies
inner join story_articles using (article_id)
left join copies
    on
        uncorrected_copies.article_id = copies.article_id
        and uncorrected_copies.source_id = copies.source_id
        and copies.direction = 'source_first'
where
    story_articles.story = $story
    and uncorrected_copies.source_id in (
        select of_story.article_id from story_articles as of_story where of_story.story = $story
    )
order by
    uncorrected_copies.source_id,
    uncorrected_copies.text,
    uncorrected_copies.article_id;
