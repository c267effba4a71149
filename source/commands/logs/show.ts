import {UserError} from '../../core/user-error.js';
import {showResponse, type LoggedResponse} from '../../store/responses.js';
import {plain} from '../../text/plain.js';
import {type LogsCall} from './logs-call.js';
import {json, localTime} from '../table.js';
import {withLog} from '../with-log.js';
import {oneWord} from '../words.js';

/**
One answer, whole.
*/
export async function show({
	input,
	flags,
	place,
	usage,
}: LogsCall): Promise<number> {
	const id = oneWord(input, 'The id', usage);
	const response = await withLog(place, log => showResponse(log, id));

	if (response === null) {
		throw new UserError(`There is no log yet, so no "${id}" in it.`);
	}

	if (flags.json) {
		place.stdout.write(json(response));
	} else {
		const text = responseText(response);
		place.stdout.write(place.stdout.isTTY ? plain(text) : text);
	}

	return 0;
}

/**
The times of llm are UTC, which it leaves out.
*/
export function momentOf({datetimeUtc}: LoggedResponse): number {
	return Date.parse(
		/(?:Z|[+-]\d{2}:\d{2})$/.test(datetimeUtc)
			? datetimeUtc
			: `${datetimeUtc}Z`,
	);
}

function responseText(response: LoggedResponse): string {
	const {id, role, model, resolvedModel, prompt, system} = response;
	const {consortiumId, conversationId} = response;

	return [
		`${id}  ${role}  ${model}${resolvedModel === null ? '' : ` (${resolvedModel})`}`,
		`${localTime(momentOf(response))}  run ${consortiumId ?? '-'}  conversation ${conversationId ?? '-'}`,
		...(system === null ? [] : ['', 'System', '', system]),
		'',
		'Prompt',
		'',
		prompt,
		'',
		'Answer',
		'',
		response.response,
		'',
	].join('\n');
}
