-- Each statement when it was first met, and again after each change: the last one of a key holds.

insert into legal_signals (host, "at", signal, value, url)
select
    staged.host,
    min(staged."at") as first_met_at,
    staged.signal,
    staged.value,
    staged.url
from staged_legal_signals as staged
asof left join legal_signals as before
    on
        staged.host = before.host
        and staged.signal = before.signal
        and coalesce(staged.url, '') = coalesce(before.url, '')
        and staged."at" >= before."at"
where before.value is distinct from staged.value
group by
    staged.host,
    staged.signal,
    staged.value,
    staged.url;
