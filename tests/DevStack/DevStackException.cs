namespace LeadSync.DevStack;

/// <summary>A problem with this machine. The message is written for the user.</summary>
public class DevStackException(string message) : Exception(message);

/// <summary>A program is missing, and cannot be installed automatically.</summary>
public sealed class MissingProgramException(string message) : DevStackException(message);
