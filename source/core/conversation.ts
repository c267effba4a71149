import {type Instance} from './consortium.js';
import {type SettledTurn} from './thread.js';
import {createTranscript, type Transcript} from './transcript.js';
import {type World} from './world.js';

/**
The chat a person sees: settled turns in order, and each speaker's own transcript.
*/
export type Conversation = {
	readonly id: string;
	readonly thread: SettledTurn[];

	/**
	How many questions were asked, settled or not.
	*/
	turn: number;
	previousRunId: string | null;

	/**
	The transcript of a speaker. The same slot with another model or system prompt is another speaker and starts afresh.
	*/
	readonly transcriptOf: (
		speaker: Pick<Instance, 'id' | 'model' | 'system'>,
	) => Transcript;
};

export function createConversation(world: World): Conversation {
	const transcripts = new Map<string, Transcript>();

	return {
		id: world.newId(),
		thread: [],
		turn: 0,
		previousRunId: null,
		transcriptOf({id, model, system}) {
			const key = JSON.stringify([id, model, system]);
			let transcript = transcripts.get(key);

			if (!transcript) {
				transcript = createTranscript(world.newId());
				transcripts.set(key, transcript);
			}

			return transcript;
		},
	};
}
