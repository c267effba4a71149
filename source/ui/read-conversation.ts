import {type RunState} from '../core/run-state.js';
import {plainLines, textOf} from '../text/spans.js';
import {whereText} from './hit-text.js';
import {lineWith} from './marked-words.js';
import {readerOf} from './overlays/reader.js';
import {roomOf} from './overlays/rows.js';
import {type Request} from './requests.js';
import {type Hit, type ImportedText} from './log-entries.js';
import {type Surroundings} from './surroundings.js';
import {answerStart, transcriptLines} from './transcript.js';
import {turnsOf} from './turn-view.js';

type Entry = Extract<Request, {type: 'open-conversation'}>['entry'];
type Outside = Pick<Surroundings, 'services' | 'store'>;

/**
Show a conversation of the log to be read, where words were found in it. What an instance or an arbiter said opens above it, and Enter goes on from both.

@throws UserError when it is not in the log any more.
*/
export async function readConversation(
	entry: Entry,
	outside: Outside,
): Promise<void> {
	const {services, store} = outside;
	const {escapes} = store.state();
	const isLeft = () => store.state().escapes !== escapes;

	if (entry.isImported) {
		const texts = await services.readImported(entry.id);

		if (!isLeft()) {
			openImported(entry, texts, outside);
		}

		return;
	}

	const pictures = await services.openConversation(entry.id);

	if (!isLeft()) {
		openOwn(entry, pictures, outside);
	}
}

function openImported(
	{title, hit}: Entry,
	texts: readonly ImportedText[],
	{store}: Outside,
): void {
	const room = roomOf(store.state());
	const linesOf = (some: readonly ImportedText[]) =>
		plainLines(joined(some), room.columns).map(line => textOf(line));
	const at = hit ? placeOf(hit, texts) : -1;
	const found = hit && at !== -1 ? hit : null;
	const lines = found ? linesOf(texts.slice(at, at + 1)) : [];
	const before = linesOf(texts.slice(0, at + 1)).length - lines.length;

	store.dispatch({
		type: 'asked',
		overlay: readerOf(
			[
				'Imported, to be read only',
				...(found ? [whereText(found)] : []),
				title,
			].join(' · '),
			joined(texts),
			'plain',
			{
				top: found ? before + topIn(lines, found.words, room.rows) : 0,
				words: hit?.words ?? [],
			},
		),
	});
}

const joined = (texts: readonly ImportedText[]) =>
	texts.map(({text}) => text).join('\n\n');

/**
Which of the texts was hit: a question, or what was answered; -1 when it is none of them.
*/
function placeOf(
	{who, responseId}: Hit,
	texts: readonly ImportedText[],
): number {
	const isQuestion = who === 'question';
	const at = texts.findIndex(
		each => each.responseId === responseId && each.isQuestion === isQuestion,
	);
	return at === -1
		? texts.findIndex(each => each.responseId === responseId)
		: at;
}

function openOwn(
	{id, title, hit}: Entry,
	pictures: readonly RunState[],
	{store}: Outside,
): void {
	const {columns} = store.state();
	const room = roomOf(store.state());
	const turns = turnsOf(pictures);
	const at = turns.findIndex(({runId}) => runId === hit?.runId);
	const found = hit && at !== -1 ? hit : null;
	const to = turns.slice(0, at + 1);
	const from = found ? answerStart(to, columns) : 0;
	const call = pictures
		.flatMap(({calls}) => calls.values().toArray())
		.find(({start}) => start.callId === hit?.responseId);
	const words = hit?.words ?? [];
	const lines =
		found && !call
			? transcriptLines(to, columns)
					.slice(from)
					.map(line => line.map(({text}) => text).join(''))
			: [];

	store.dispatch({
		type: 'reading',
		id,
		turns,
		top: from + topIn(lines, words, room.rows),
		words,
	});

	if (hit && call) {
		const said = plainLines(call.text, room.columns).map(line => textOf(line));
		store.dispatch({
			type: 'asked',
			overlay: {
				...readerOf(`${whereText(hit)} · ${title}`, call.text, 'plain', {
					top: topIn(said, words, room.rows),
					words,
				}),
				continues: id,
			},
		});
	}
}

/**
Which of the lines of a text to begin at: its first, which says whose it is, where that and the words are seen together; else the one before the words.
*/
function topIn(
	lines: readonly string[],
	words: readonly RegExp[],
	rows: number,
): number {
	const at = lineWith(lines, words);
	return at < rows / 2 ? 0 : at - 1;
}
