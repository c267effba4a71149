import {setImmediate} from 'node:timers/promises';

const size = 1_000_000;

const repeated = (piece: string) =>
	piece.repeat(Math.ceil(size / piece.length)).slice(0, size);

/**
A megabyte each of what makes a careless reader of tags take hours.
*/
export const hostileTexts: ReadonlyArray<readonly [string, string]> = [
	['angle brackets', repeated('<')],
	['openings without an end', repeated('<synthesis ')],
	['sections that never close', repeated('<synthesis>')],
	['closing tags alone', repeated('</synthesis>')],
	[
		'different sections that never close',
		repeated('<analysis><dissent><groups><ranking><confidence>'),
	],
	['doubtful nesting', repeated('<synthesis><synthesis></synthesis>')],
	['fences that never close', repeated('<synthesis>\n```x\n</synthesis>\n')],
	['growing fences', repeated('\n```\n````\n`````\n')],
	['thinking that never closes', `<think>${repeated('<think>a')}`],
	['thinking that only closes', repeated('</think>a')],
	['one very long tag name', `<${repeated('a')}`],
	['one very long attribute', `<confidence ${repeated('a')}`],
	['the word', repeated('confidence ')],
	['the word and a number', repeated('confidence: 0.5, ')],
	['digits', `<confidence>${repeated('1')}</confidence>`],
	['dots and digits', `confidence ${repeated('1.')}`],
	['white space', `<synthesis>${repeated(' ')}x${repeated('\n')}</synthesis>`],
	['white space in a tag', `<confidence>${repeated(' ')}1`],
	['backticks', repeated('`')],
	['braces', repeated('{')],
	['nested JSON', `{"synthesis":${repeated('[')}`],
	['brackets', `<groups>${repeated('[')}</groups>`],
	['comments', `<confidence>${repeated('<!--')}</confidence>`],
	['points', `<dissent>${repeated('<point labels="A">')}</dissent>`],
	['boxes', repeated(String.raw`\boxed{`)],
	['hashes', repeated('#### 1\n')],
	['announcements', repeated('the answer is ')],
	['white space after an announcement', `final answer is${repeated(' \n')}`],
	['a final of spaces', `<final>${repeated(' .')}</final>`],
	['a final of digits', `<final>${repeated('1')}x</final>`],
	['a final of commas', `<final>${repeated('1,234')}</final>`],
	['a final of dots', `<final>${repeated('.')}x</final>`],
];

/**
Lets a timer that is due fire, so that work which blocked for too long fails its test: without it the test is over before its timeout is heard.
*/
export async function timersHaveRun(): Promise<void> {
	await setImmediate();
}
