import {choiceOf, limitOf} from '../flag-values.js';
import {listResponses, responseRoles} from '../../store/responses.js';
import {type LogsCall} from './logs-call.js';
import {excerpt, json, minuteOf, table, widthOf} from '../table.js';
import {withLog} from '../with-log.js';
import {noWords} from '../words.js';
import {momentOf} from './show.js';

/**
Final answers, the latest last, or those that flags ask for.
*/
export async function list({
	input,
	flags,
	place,
	usage,
}: LogsCall): Promise<number> {
	noWords(input, usage);
	const limit = limitOf(flags.count);
	const role = choiceOf(flags.role ?? 'final', '--role', [
		...responseRoles,
		'all',
	]);
	const latest = await withLog(place, log =>
		listResponses(log, {limit, role: role === 'all' ? null : role}),
	);
	const oldestFirst = (latest ?? []).toReversed();

	if (flags.json) {
		place.stdout.write(json(oldestFirst));
	} else if (oldestFirst.length === 0) {
		place.stderr.write('Nothing is in the log yet.\n');
	} else {
		place.stdout.write(
			table(
				['id', 'time', 'model', 'prompt', 'answer'],
				oldestFirst.map(each => [
					each.id,
					minuteOf(momentOf(each)),
					each.model,
					excerpt(each.prompt),
					excerpt(each.response),
				]),
				widthOf(place),
			),
		);
	}

	return 0;
}
