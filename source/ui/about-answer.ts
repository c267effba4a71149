import {type AppState, type Step} from './app-state.js';
import {readerOf} from './overlays/reader.js';
import {told} from './told.js';

/**
Copy the last answer, or read what the arbiter said beside it.
*/
export function aboutAnswer(
	state: AppState,
	id: 'copy' | 'dissent' | 'raw',
): Step {
	const result = state.turns.at(-1)?.result;
	const verdict = result?.iterations.at(-1)?.verdicts.at(-1);
	const read = (...reader: Parameters<typeof readerOf>): Step => ({
		state: {...state, overlays: [...state.overlays, readerOf(...reader)]},
		requests: [],
	});

	if (id === 'copy') {
		return result?.answer
			? {state, requests: [{type: 'copy', text: result.answer}]}
			: told(state, 'There is no answer yet to be copied.');
	}

	if (!verdict) {
		return told(state, 'There is no verdict yet.');
	}

	return id === 'raw'
		? read("The arbiter's own words", verdict.raw, 'plain')
		: read(
				'Dissent',
				verdict.dissent
					.map(
						({text, who}) =>
							`- **${who.join(', ') || 'nobody named'}:** ${text}`,
					)
					.join('\n') || 'The arbiter names none.',
			);
}
