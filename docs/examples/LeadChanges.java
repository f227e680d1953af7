import java.sql.*;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/** Follows the changes of leads. A program that remembers its last position misses none. Needs org.postgresql:postgresql. */
public class LeadChanges {
    public static void main(String[] arguments) throws SQLException {
        long position = Long.parseLong(arguments[1]);
        try (Connection connection = DriverManager.getConnection(arguments[0])) {
            // Listen before reading, so that no change is missed: a change that commits in between is read and also announced.
            try (Statement listen = connection.createStatement()) {
                listen.execute("listen leadsync_leads");
            }
            boolean isBehind = true;
            while (true) {
                long before = position;
                List<String> changes = new ArrayList<>();
                try (PreparedStatement read = connection.prepareStatement(
                        "select position, id, kind, changed from legacy.lead_changes where position > ? order by position limit 500")) {
                    read.setLong(1, position);
                    ResultSet row = read.executeQuery();
                    while (row.next()) {
                        changes.add(row.getString("id") + " " + row.getString("kind") + " " + row.getString("changed"));
                        position = row.getLong("position");
                    }
                }
                // Only after reading: changes may go at any moment.
                if (isBehind && hasMissed(connection, before)) {
                    throw new IllegalStateException("Changes after " + before + " are gone: begin again with the present view.");
                }
                isBehind = changes.size() == 500;
                changes.forEach(System.out::println);
                if (!isBehind) {
                    connection.unwrap(PGConnection.class).getNotifications(10_000);
                }
            }
        }
    }

    static boolean hasMissed(Connection connection, long position) throws SQLException {
        try (PreparedStatement ask = connection.prepareStatement("select legacy.missed_changes(?)")) {
            ask.setLong(1, position);
            ResultSet answer = ask.executeQuery();
            answer.next();
            return answer.getBoolean(1);
        }
    }
}
