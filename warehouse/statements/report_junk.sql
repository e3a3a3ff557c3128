-- What was cut from a story's articles, by rule, with the texts that were cut most often.

with cut as (
    select
        removed_blocks.rule,
        removed_blocks.text,
        count(*) as blocks,
        count(distinct removed_blocks.article_id) as articles
    from removed_blocks
    inner join story_articles using (article_id)
    where story_articles.story = $story
    group by
        removed_blocks.rule,
        removed_blocks.text
)

select
    rule,
    sum(blocks)::bigint as blocks,
    sum(blocks * len(string_split_regex(trim(text), '\s+')))::bigint as words,
    list(text order by blocks desc, text)[:$shown] as examples
from cut
group by rule
order by
    blocks desc,
    rule;
