namespace LeadSync.DevStack;

/// <summary>Something on this machine is not as it should be. The message is for the person at the keyboard, as it is.</summary>
public class DevStackException(string message) : Exception(message);

/// <summary>A program is not installed, and cannot be installed from here.</summary>
public sealed class MissingProgramException(string message) : DevStackException(message);
