import {plainLines, textOf} from '../text/spans.js';
import {whereText} from './hit-text.js';
import {readerOf} from './overlays/reader.js';
import {roomOf} from './overlays/rows.js';
import {type Request} from './requests.js';
import {type Hit} from './log-entries.js';
import {type Surroundings} from './surroundings.js';
import {answerStart, transcriptLines} from './transcript.js';
import {turnsOf} from './turn-view.js';

type Entry = Extract<Request, {type: 'open-conversation'}>['entry'];

/**
Show a conversation of the log to be read, at the words that were found in it. What an instance or an arbiter said opens above it, and Enter goes on from both.

@throws UserError when it is not in the log any more.
*/
export async function readConversation(
	{id, title, isImported, hit}: Entry,
	{services, store}: Pick<Surroundings, 'services' | 'store'>,
): Promise<void> {
	const {escapes} = store.state();
	const isLeft = () => store.state().escapes !== escapes;
	const open = (name: string, text: string, continues?: string) => {
		const {columns} = roomOf(store.state());
		const lines = plainLines(text, columns).map(line => textOf(line));
		store.dispatch({
			type: 'asked',
			overlay: {
				...readerOf(name, text, 'plain', lineOf(lines, hit)),
				...(continues !== undefined && {continues}),
			},
		});
	};

	if (isImported) {
		const text = await services.readImported(id);

		if (!isLeft()) {
			open(`Imported, to be read only: ${title}`, text);
		}

		return;
	}

	const pictures = await services.openConversation(id);

	if (isLeft()) {
		return;
	}

	const turns = turnsOf(pictures);
	const {columns} = store.state();
	const at = turns.findIndex(({runId}) => runId === hit?.runId);
	const from = at === -1 ? 0 : answerStart(turns.slice(0, at + 1), columns);
	const to =
		at === -1
			? undefined
			: transcriptLines(turns.slice(0, at + 1), columns).length;
	const lines = transcriptLines(turns, columns)
		.slice(from, to)
		.map(line => line.map(({text}) => text).join(''));
	const call = pictures
		.flatMap(({calls}) => calls.values().toArray())
		.find(({start}) => start.callId === hit?.responseId);
	store.dispatch({
		type: 'reading',
		id,
		turns,
		top: at === -1 || call ? from : from + lineOf(lines, hit),
	});

	if (call) {
		open(`${whereText(hit!)} · ${title}`, call.text, id);
	}
}

/**
The first line with most of the marked words, with a line before it; 0 when there is none.
*/
function lineOf(lines: readonly string[], hit: Hit | null): number {
	const marked = new Set(
		hit?.snippet.filter(({isMarked}) => isMarked).map(({text}) => text),
	);
	const counts = lines.map(
		line => [...marked].filter(text => line.includes(text)).length,
	);
	const most = Math.max(0, ...counts);
	return most === 0 ? 0 : Math.max(0, counts.indexOf(most) - 1);
}
