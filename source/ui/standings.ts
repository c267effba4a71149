import {type Instance} from '../core/consortium.js';
import {isCommitted} from '../core/conversation.js';
import {type RunState} from '../core/run-state.js';

/**
What happens to these instances, with the roles they are given, when they take over a conversation of these runs, in sentences.
*/
export function standingsText(
	instances: readonly Instance[],
	runs: readonly RunState[],
): string {
	const {kept, fresh} = standingsOf(instances, runs);

	return [
		'The conversation goes on.',
		kept > 0 && `${counted(kept)} keep${kept === 1 ? 's its' : ' their'} own.`,
		changedText(instances, runs),
		fresh > 0 &&
			`${counted(fresh)} ${fresh === 1 ? 'is' : 'are'} new to it, and told the questions and final answers so far.`,
	]
		.filter(Boolean)
		.join(' ');
}

/**
Who starts anew in such a conversation, in a sentence; empty when nobody does.
*/
export function changedText(
	instances: readonly Instance[],
	runs: readonly RunState[],
): string {
	const {changed} = standingsOf(instances, runs);

	return changed.length === 0
		? ''
		: `Another model, role or system prompt than before, so a new start from the questions and final answers: ${changed.join(', ')}.`;
}

function standingsOf(
	instances: readonly Instance[],
	runs: readonly RunState[],
) {
	const heard = speakersOf(runs);
	const isKept = (each: Instance) => heard.has(speakerKey(each));
	const kept = instances.filter(each => isKept(each)).length;
	const changed = instances
		.filter(each => heard.has(each.id) && !isKept(each))
		.map(({id}) => id);

	return {kept, changed, fresh: instances.length - kept - changed.length};
}

const counted = (count: number) => `${count} instance${count === 1 ? '' : 's'}`;

/**
Who has answered in runs, or is being asked: by id, and by what makes it another speaker.
*/
function speakersOf(runs: readonly RunState[]): ReadonlySet<string> {
	return new Set(
		runs.flatMap(({start, calls, result}) => {
			const answered = new Set(
				calls
					.values()
					.filter(call => isCommitted(call))
					.map(call => call.start.speaker),
			);

			return (start?.instances ?? [])
				.filter(({id}) => !result || answered.has(id))
				.flatMap(each => [each.id, speakerKey(each)]);
		}),
	);
}

const speakerKey = ({
	id,
	model,
	system,
	role,
}: Pick<Instance, 'id' | 'model' | 'system' | 'role'>) =>
	JSON.stringify([id, model, system, role]);
