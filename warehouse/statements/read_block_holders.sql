-- The articles that hold one of the given texts as a paragraph, or had it cut as a repeated block:
-- some of each outlet for each text, with all their blocks.
with texts as (
    select unnest($texts::varchar[]) as text
),

blocks as (
    select
        article_id,
        position,
        0 as is_cut,
        kind,
        text
    from paragraphs
    union all
    select
        article_id,
        ordinal as position,
        1 as is_cut,
        'text' as kind,
        text
    from removed_blocks
    where rule = $rule
),

holders as (
    select distinct
        blocks.article_id,
        blocks.text,
        articles.outlet
    from blocks
    inner join texts using (text)
    inner join articles using (article_id)
),

sampled as (
    select distinct
        article_id,
        outlet
    from holders
    qualify row_number() over (partition by text, outlet order by article_id) <= $per_outlet
)

select
    sampled.article_id,
    sampled.outlet,
    list(blocks.kind order by blocks.is_cut, blocks.position) as kinds,
    list(blocks.text order by blocks.is_cut, blocks.position) as texts
from sampled
inner join blocks using (article_id)
group by sampled.article_id, sampled.outlet
order by sampled.article_id;
