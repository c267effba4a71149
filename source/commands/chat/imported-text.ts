import {UserError} from '../../core/user-error.js';
import {
	readImported,
	type ImportedResponse,
} from '../../store/imported-conversations.js';
import {dateText} from '../../text/phrases.js';
import {type ImportedText} from '../../ui/log-entries.js';
import {type SessionLog} from './session-log.js';

/**
What was asked and answered in an imported conversation, in order.

@throws UserError when the log does not have it.
*/
export async function importedText(
	log: SessionLog,
	id: string,
): Promise<readonly ImportedText[]> {
	const responses = await log.read(async open => readImported(open, id));

	if (!responses || responses.length === 0) {
		throw new UserError('The log does not have this conversation any more.');
	}

	return runsOf(responses).flatMap(run => {
		const asked = run.find(({role}) => role === 'final') ?? run[0]!;
		return [
			{
				responseId: asked.id,
				isQuestion: true,
				text: `> ${asked.prompt.trim()}`,
			},
			...run.map(response => ({
				responseId: response.id,
				isQuestion: false,
				text: toldOf(response),
			})),
		];
	});
}

/**
Each final answer with those that came before it in its run.
*/
function runsOf(responses: readonly ImportedResponse[]): ImportedResponse[][] {
	const runs: ImportedResponse[][] = [[]];

	for (const response of responses) {
		runs.at(-1)!.push(response);

		if (response.role === 'final') {
			runs.push([]);
		}
	}

	return runs.filter(run => run.length > 0);
}

function toldOf({
	role,
	who,
	iteration,
	at,
	response,
}: ImportedResponse): string {
	const facts = [
		who,
		...(role === 'final' ? [] : [role]),
		...(iteration === null ? [] : [`iteration ${iteration}`]),
		...(at === 0 ? [] : [dateText(at)]),
	].join(' · ');

	return `— ${facts}\n\n${response.trim() || '(no text)'}`;
}
