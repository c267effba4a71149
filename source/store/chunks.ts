import {type Streamed} from './rows.js';
import {type Statements} from './statements.js';

/**
Take the text of a call's current attempt out of the chunks, for good: the caller keeps it. `streamed` (JSON) tells when each channel spoke last.
*/
export function foldChunks(
	statements: Statements,
	callId: string,
): {text: string; thinking: string; streamed: string} {
	const chunks = statements.all(
		`SELECT channel, text, seq, at FROM consortium_chunks
		WHERE call_id = @callId ORDER BY seq`,
		{callId},
	) as ReadonlyArray<Streamed & {readonly text: string}>;
	const joined = {text: '', thinking: ''};
	const last = new Map<string, Streamed>();

	for (const {channel, text, seq, at} of chunks) {
		joined[channel] += text;
		last.set(channel, {channel, seq, at});
	}

	statements.run('DELETE FROM consortium_chunks WHERE call_id = @callId', {
		callId,
	});

	return {...joined, streamed: JSON.stringify(last.values().toArray())};
}
