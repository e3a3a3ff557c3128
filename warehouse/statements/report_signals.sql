-- Every statement about when a story's articles appeared, in the order found.

select
    time_signals.article_id,
    time_signals.signal,
    time_signals.value_raw,
    time_signals.value,
    time_signals.precision
from time_signals
inner join story_articles using (article_id)
where story_articles.story = $story
order by
    time_signals.article_id,
    time_signals.ordinal;
