-- An article's removed blocks, time signals or credit signals aren't numbered 0, 1, 2 …, each once.

with numbered as (
    select
        'removed_blocks' as numbered_in,
        article_id,
        ordinal
    from new_removed_blocks
    union all
    select
        'time_signals' as numbered_in,
        article_id,
        ordinal
    from new_time_signals
    union all
    select
        'credit_signals' as numbered_in,
        article_id,
        ordinal
    from new_credit_signals
)

select numbered_in || ': ' || article_id as offender
from numbered
group by
    numbered_in,
    article_id
having
    min(ordinal) <> 0
    or max(ordinal) <> count(*) - 1
    or count(distinct ordinal) <> count(*);
