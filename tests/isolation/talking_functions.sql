-- A function, and an operator on it, that repeat what they are asked about and cost nothing.
create function pg_temp.tell(value text)
returns boolean
language plpgsql immutable cost 0.0000001
as $$
begin
    raise notice 'seen: %', value;
    return true;
end
$$;

create function pg_temp.tell_both(value text, other text)
returns boolean
language plpgsql immutable cost 0.0000001
as $$
begin
    raise notice 'seen: %', value;
    return true;
end
$$;

create operator pg_temp.<<< (leftarg = text, rightarg = text, function = pg_temp.tell_both);
