import {keptPrefix} from './caching.js';
import {type Conversation, type TranscriptKey} from './conversation.js';
import {textOf, type KeptTexts} from './forecast-cache.js';
import {createTranscript, toldBefore, type Transcript} from './transcript.js';
import {type World} from './world.js';

/**
A conversation to be gone on with while the original stays as it is. What providers still keep of its transcripts is put into `kept`.
*/
export function copyOf(
	original: Conversation,
	world: World,
	kept: KeptTexts,
): Conversation {
	const copies = new Map<string, Transcript>();

	const copied = (speaker: TranscriptKey): Transcript => {
		// Where nothing was said, to ask for the transcript would make one.
		if (original.standingOf(speaker) !== 'kept') {
			return createTranscript(world.newId());
		}

		const {id, exchanges} = original.transcriptOf(speaker);
		const told = toldBefore({id, exchanges}, original.turn + 1, []);
		const through = keptPrefix(exchanges, told, world.now());

		if (through) {
			const messages = told.flatMap(exchange => exchange.messages);
			kept.set(id, textOf({system: speaker.system, messages}, through));
		}

		return {id, exchanges};
	};

	return {
		...original,
		thread: [...original.thread],
		transcriptOf(speaker) {
			const {id, model, system} = speaker;
			const key = JSON.stringify([id, model, system]);
			const copy = copies.get(key) ?? copied(speaker);
			copies.set(key, copy);
			return copy;
		},
	};
}
