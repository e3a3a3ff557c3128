with starts as (
    select
        article_id,
        list(start_char order by position) as paragraph_starts
    from paragraphs
    where article_id in (select unnest($article_ids::varchar[]))
    group by article_id
)

select
    articles.article_id,
    articles.outlet,
    articles.text,
    coalesce(starts.paragraph_starts, []) as paragraph_starts,
    articles.published_earliest,
    articles.published_latest,
    articles.agencies
from articles
left join starts using (article_id)
-- by the places of its rows: a join reads the texts of all, matched or not
where
    articles.rowid in (
        select own.rowid
        from articles as own
        where own.article_id in (select unnest($article_ids::varchar[]))
    );
