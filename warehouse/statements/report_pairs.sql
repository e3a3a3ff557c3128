-- Pairs that share text and belong to a story on either side, the most shared words first.

select
    copies.article_id,
    copies.source_id,
    copies.containment,
    copies.source_containment,
    copies.shared_words,
    copies.kind,
    copies.direction = 'source_first' as is_proven,
    copies.common_agency,
    copies.evidence,
    copies.confidence
from copies
where
    copies.article_id in (select story_articles.article_id from story_articles where story_articles.story = $story)
    or copies.source_id in (select story_articles.article_id from story_articles where story_articles.story = $story)
order by
    copies.shared_words desc,
    copies.article_id,
    copies.source_id;
