import {type RunEvent} from '../core/events.js';
import {parseJson, parseJsonOrNull, type CallRow} from './rows.js';
import {type EventOf, type Writing} from './writing.js';

type Carry = EventOf<'call-carry'>;

/**
A carried call as it is stored. What the earlier call's own rows hold, which is all that can be long, is left out; where those are in no log, or not in this one, it stays.
*/
export function storedCarry({statements}: Writing, event: Carry): Carry {
	const {callId, start, outcome} = event;

	return statements.get('SELECT 1 FROM responses WHERE id = @callId', {
		callId,
	}) === undefined
		? event
		: {
				...event,
				start: {...start, system: null, message: []},
				outcome: {...outcome, text: '', thinking: '', native: null},
			};
}

/**
The same with what was left out put back from the rows of the calls that were carried. A call whose rows were taken out of the log since has no text.
*/
export function restoredCarry(
	event: RunEvent,
	calls: readonly CallRow[],
): RunEvent {
	if (event.type !== 'call-carry') {
		return event;
	}

	const row = calls.find(({id}) => id === event.callId);
	const {start, outcome} = event;

	return row
		? {
				...event,
				start: {
					...start,
					system: row.system,
					message: parseJson(row.message),
				},
				outcome: {
					...outcome,
					text: row.text ?? '',
					thinking: row.thinking ?? '',
					native: parseJsonOrNull(row.native),
				},
			}
		: event;
}
