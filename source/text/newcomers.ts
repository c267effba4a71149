import {type RunEventBody} from '../core/events.js';

type Start = Extract<RunEventBody, {type: 'run-start'}>;

/**
Who does not go on where they were in a conversation that goes on, in sentences.
*/
export function newcomerSentences({
	turn,
	instances,
}: Pick<Start, 'turn' | 'instances'>): string[] {
	const those = (standing: Start['instances'][number]['standing']) =>
		instances.filter(each => each.standing === standing).map(({id}) => id);
	const changed = those('changed');
	const fresh = those('new');

	return turn === 1
		? []
		: [
				...(changed.length === 0
					? []
					: [
							`${changed.join(', ')}: another model or system prompt than before, so a new start from what was settled so far.`,
						]),
				...(fresh.length === 0
					? []
					: [
							`${fresh.join(', ')}: new to the conversation, and told what was settled in it so far.`,
						]),
			];
}
