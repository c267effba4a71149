import {type VerdictResult} from '../core/result.js';
import {returnedVerdict} from '../text/outcome.js';
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

	if (id === 'copy') {
		return result?.answer
			? {state, requests: [{type: 'copy', text: result.answer}]}
			: told(
					state,
					'There is no answer to be copied; to copy what an instance said, pick it (Tab) and press c.',
				);
	}

	const verdict = result && returnedVerdict(result);

	if (!verdict) {
		return told(state, 'There is no verdict yet.');
	}

	if (id === 'raw' && verdict.method === 'vote') {
		return told(
			state,
			'The answers were counted, and no arbiter was asked: there are no words of its own.',
		);
	}

	const reader =
		id === 'raw'
			? readerOf("The arbiter's own words", verdict.raw, 'plain')
			: readerOf('Dissent', dissentText(verdict));
	return {
		state: {...state, overlays: [...state.overlays, reader]},
		requests: [],
	};
}

const dissentText = ({dissent}: VerdictResult) =>
	dissent
		.map(({text, who}) => `- **${who.join(', ') || 'nobody named'}:** ${text}`)
		.join('\n') || 'The arbiter names none.';
