import {type LogStatus} from '../store/log-status.js';
import {count} from './logs/amounts.js';

/**
How much is in the log, in words.
*/
export function amountsText({
	runs,
	importedRuns,
	conversations,
	responses,
}: LogStatus): string {
	return [
		count(runs, 'run'),
		...(importedRuns === 0 ? [] : [`${importedRuns} imported`]),
		count(conversations, 'conversation'),
		count(responses, 'answer'),
	].join(', ');
}

/**
How much of it can be brought back.
*/
export function deletedText({
	deletedResponses,
}: Pick<LogStatus, 'deletedResponses'>): string {
	return count(deletedResponses, 'deleted answer');
}
