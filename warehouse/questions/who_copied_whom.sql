-- Title: Who copied whom?
-- About: Pairs of articles of different outlets that share text, the largest share first; direction unknown means that the times don't prove which came first.
-- Parameter story: name of a story; all stories without it

select
    articles.outlet,
    articles.title,
    sources.outlet as source_outlet,
    sources.title as source_title,
    copies.kind,
    copies.direction,
    round(copies.containment, 2) as share_of_article,
    copies.shared_words,
    articles.url,
    sources.url as source_url
from copies
inner join articles using (article_id)
inner join articles as sources on copies.source_id = sources.article_id
where
    articles.outlet <> sources.outlet
    and (
        $story is null
        or exists (
            select 1
            from story_articles
            where
                story_articles.article_id = articles.article_id
                and story_articles.story = $story
        )
    )
order by
    copies.containment desc,
    copies.shared_words desc,
    articles.url,
    sources.url;
