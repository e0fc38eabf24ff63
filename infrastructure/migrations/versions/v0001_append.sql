-- Record one command whole: its events with their leaves, its sealed values, the position of its
-- reader. Called alone it is its own transaction: no lock is held while a client is awaited.
--
-- The lock makes the order of positions the order of commits, so who reads by position misses
-- nothing. It must come first: every later statement sees what its last holder committed.
-- Refusals: JL001 the command is known; JL002 a stream that was only read has moved; JL003 a
-- version or a reader's position does not follow. Returns the position of the last event.
CREATE FUNCTION append(
    streams text[], versions integer[], topics text[], states bytea[], event_ids text[],
    command text, request bytea, answer text,
    read_streams text[], read_versions integer[],
    refs text[], subjects text[], ciphertexts bytea[],
    reader text, reached bigint,
    clock bigint  -- microseconds; the database's own when null
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    size bigint;
    instant bigint;
    previous integer;
    leaf bytea;
    subtree bytea;
    width bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(456901029742);  -- 'jalon' in ASCII
    IF command IS NOT NULL THEN
        IF EXISTS (SELECT FROM event WHERE event.command = append.command) THEN
            RAISE EXCEPTION USING ERRCODE = 'JL001', MESSAGE = command;
        END IF;
    END IF;
    FOR i IN 1 .. cardinality(read_streams) LOOP
        SELECT max(version) INTO previous FROM event WHERE stream = read_streams[i];
        IF coalesce(previous, 0) <> read_versions[i] AND read_streams[i] <> ALL (streams) THEN
            RAISE EXCEPTION USING ERRCODE = 'JL002', MESSAGE = read_streams[i];
        END IF;
    END LOOP;

    SELECT position, recorded_at INTO size, instant FROM event ORDER BY position DESC LIMIT 1;
    size := coalesce(size, 0);
    clock := coalesce(clock, extract(epoch FROM clock_timestamp()) * 1000000);
    FOR i IN 1 .. cardinality(streams) LOOP
        SELECT max(version) INTO previous FROM event WHERE stream = streams[i];
        IF versions[i] <> previous + 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'JL003', MESSAGE = 'version ' || versions[i]
                || ' of ' || streams[i] || ' does not follow ' || previous;
        END IF;
        instant := greatest(clock, instant + 1);
        -- The entry as domain/audit.py writes it, whose index is still `size`.
        leaf := sha256('\x00'::bytea || convert_to(
            '{"h":"' || rtrim(translate(encode(sha256(states[i]), 'base64'), '+/', '-_'), '=')
            || '","i":' || size || ',"id":"' || event_ids[i] || '","k":"' || topics[i]
            || '","n":' || versions[i] || ',"r":' || instant || ',"s":"' || streams[i]
            || '","v":1}', 'UTF8'));
        subtree := leaf;
        width := 1;
        WHILE size & width <> 0 LOOP
            SELECT sha256('\x01'::bytea || peak || subtree) INTO STRICT subtree
                FROM event WHERE position = size - width + 1;
            width := width * 2;
        END LOOP;
        size := size + 1;
        INSERT INTO event (position, stream, version, topic, state, event_id,
                leaf, peak, recorded_at, command, request, answer)
            VALUES (size, streams[i], versions[i], topics[i], states[i], event_ids[i],
                leaf, subtree, instant, command, request, answer);
        command := NULL;  -- only the first event bears the key
        request := NULL;
        answer := NULL;
    END LOOP;

    IF ciphertexts IS NOT NULL THEN
        INSERT INTO sealed (ref, subject, ciphertext) SELECT * FROM unnest(refs, subjects, ciphertexts);
    END IF;
    IF reader IS NOT NULL THEN
        INSERT INTO tracking VALUES (reader, reached)
            ON CONFLICT (application_name) DO UPDATE SET notification_id = reached
            WHERE tracking.notification_id < reached;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'JL003',
                MESSAGE = reader || ' has already reached ' || reached;
        END IF;
    END IF;
    NOTIFY event;
    RETURN size;
END $$
