import {UserError} from '../../core/user-error.js';
import {showResponse, type LoggedResponse} from '../../store/responses.js';
import {plain} from '../../text/plain.js';
import {json} from '../table.js';
import {withLog} from '../with-log.js';
import {oneWord} from '../words.js';
import {placeOf, timeOf, usageOf} from './listing-forms.js';
import {type LogsCall} from './logs-call.js';

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

	const text = flags.json ? json(response) : responseText(response);
	place.stdout.write(place.stdout.isTTY && !flags.json ? plain(text) : text);
	return 0;
}

function responseText(response: LoggedResponse): string {
	const {id, role, model, resolvedModel, prompt, system} = response;
	const {consortiumId, conversationId, optionsJson} = response;

	return [
		`${id}  ${role}  ${model}${resolvedModel === null ? '' : ` (${resolvedModel})`}`,
		`${timeOf(response)}  run ${consortiumId === null ? '-' : placeOf(response)}  conversation ${conversationId ?? '-'}`,
		usageOf(response),
		...(optionsJson === null || ['', '{}'].includes(optionsJson)
			? []
			: ['', 'Options', '', optionsJson]),
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
